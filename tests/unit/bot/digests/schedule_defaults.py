"""The time zone of the user and the day of the schedules that the tests type."""

from datetime import date

OWN_ZONE = "Europe/Berlin"
TODAY = date(2026, 1, 7)
