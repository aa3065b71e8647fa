"""From data to advice: questions first, then findings. Plain functions, no screen."""
