"""Application services: briefing, who said it, draft check, search and ingestion."""
