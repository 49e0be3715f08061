package org.iommulab.lab;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list that hands out immutable lists of itself at no cost: entries are only ever added behind
 * what was handed out, and cutting it starts a new array.
 *
 * @param <E> its entries
 */
final class Log<E> {

  private @Nullable Object[] entries = new Object[64];
  private int size;

  Log() {}

  /** A list of its own that begins with these. */
  Log(List<E> begin) {
    begin.forEach(this::add);
  }

  int size() {
    return size;
  }

  E get(int index) {
    return entries().get(index);
  }

  void add(E entry) {
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
    }
    entries[size++] = entry;
  }

  /** Drops all entries from {@code length} on; lists handed out before keep them. */
  void truncate(int length) {
    if (length < size) {
      entries = Arrays.copyOf(Arrays.copyOf(entries, length), Math.max(64, length * 2));
      size = length;
    }
  }

  /** All entries as they are now, unchanged for ever. */
  List<E> entries() {
    return new Entries<>(entries, size);
  }

  private static final class Entries<E> extends AbstractList<E> implements RandomAccess {
    private final @Nullable Object[] entries;
    private final int size;

    Entries(@Nullable Object[] entries, int size) {
      this.entries = entries;
      this.size = size;
    }

    @Override
    @SuppressWarnings("unchecked") // only ever filled through add
    public E get(int index) {
      return (E) Objects.requireNonNull(entries[Objects.checkIndex(index, size)]);
    }

    @Override
    public int size() {
      return size;
    }
  }
}
