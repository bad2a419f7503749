"""The parts of a schedule: its rules, times of day, the grammar of typed schedules, and schedules in words. Pure."""
