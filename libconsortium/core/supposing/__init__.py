"""What would happen if: suppositions about bills, policies side by side, a sponsor's way out."""
