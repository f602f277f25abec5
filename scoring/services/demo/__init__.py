from scoring.services.demo.seeding import DemoReport, demo_campaign, is_database_in_use, seed_demo

__all__ = ["DemoReport", "demo_campaign", "is_database_in_use", "seed_demo"]
