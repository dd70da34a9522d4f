"""Who is who: libraries, federations, their facts with the days on which they hold."""
