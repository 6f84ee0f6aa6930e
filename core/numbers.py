from core.locks import lock_rows
from core.models import Counter


def next_number(series: str) -> int:
    """The next number of a series, without gaps or doubles: it belongs to the caller's transaction and goes back with it."""
    Counter.objects.get_or_create(series=series)
    counter = lock_rows(Counter.objects.filter(pk=series))[0]
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
