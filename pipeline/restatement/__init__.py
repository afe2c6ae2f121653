"""What a build says of past months that an earlier build said otherwise, and which rows did it."""
