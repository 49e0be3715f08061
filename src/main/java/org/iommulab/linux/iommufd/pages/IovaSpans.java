package org.iommulab.linux.iommufd.pages;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IOVA intervals with an owner; they may overlap, as reservations do. */
public final class IovaSpans {

  /** {@code start} to {@code last}, both inside. */
  public record Span(long start, long last, @Nullable Object owner) {

    boolean overlaps(long otherStart, long otherLast) {
      return Unsigned.atMost(start, otherLast) && Unsigned.atMost(otherStart, last);
    }
  }

  private final List<Span> spans = new ArrayList<>();

  boolean isEmpty() {
    return spans.isEmpty();
  }

  public void add(long start, long last, @Nullable Object owner) {
    int at = 0;
    while (at < spans.size() && Unsigned.atMost(spans.get(at).start(), start)) {
      at++;
    }
    spans.add(at, new Span(start, last, owner));
  }

  void removeOwner(Object owner) {
    spans.removeIf(span -> span.owner() == owner);
  }

  void clear() {
    spans.clear();
  }

  public boolean overlaps(long start, long last) {
    return first(start, last) != null;
  }

  /** The lowest span that touches a range, or null. */
  @Nullable Span first(long start, long last) {
    for (Span span : spans) {
      if (span.overlaps(start, last)) {
        return span;
      }
    }
    return null;
  }

  /** All spans by ascending start. */
  List<Span> all() {
    return List.copyOf(spans);
  }

  /** The gaps between the spans inside a range, ascending. */
  public List<Span> holes(long from, long to) {
    var holes = new ArrayList<Span>();
    long next = from;
    for (Span span : spans) {
      if (Unsigned.less(to, span.start())) {
        break;
      }
      if (Unsigned.less(next, span.start())) {
        holes.add(new Span(next, span.start() - 1, null));
      }
      if (Unsigned.atMost(next, span.last())) {
        if (span.last() == Unsigned.MAX || Unsigned.atMost(to, span.last())) {
          return holes;
        }
        next = span.last() + 1;
      }
    }
    if (Unsigned.atMost(next, to)) {
      holes.add(new Span(next, to, null));
    }
    return holes;
  }
}
