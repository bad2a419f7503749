"""Groups of settings, one module each: they parse values, and `bot.core.settings` reads the environment."""
