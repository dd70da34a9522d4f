"""Commands that start: a folder from a preset, the plugins, the doctor, the demonstration."""
