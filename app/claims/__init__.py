"""The race: who has the referral, decided under the referral's row lock."""
