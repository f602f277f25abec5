from campaigns.services.demo.accounts import seed_accounts, set_clock
from campaigns.services.demo.data import read_demo
from campaigns.services.demo.hand_in import seed_paperwork
from campaigns.services.demo.in_motion import seed_motion
from campaigns.services.demo.people import seed_people

__all__ = ["read_demo", "seed_accounts", "seed_motion", "seed_paperwork", "seed_people", "set_clock"]
