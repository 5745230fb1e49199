"""How well and how fast the product answers, measured from outside, over HTTP, as a user would see it."""
