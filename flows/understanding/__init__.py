"""What contacts write, understood: numbers, dates, times, yes and no, in Brazilian Portuguese."""
