package org.iommulab.lab;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A journal that hands out immutable lists of itself at no cost: entries are only ever added behind
 * what was handed out, and cutting the journal starts a new array.
 */
final class JournalLog {

  private @Nullable JournalEntry[] entries = new JournalEntry[64];
  private int size;

  int size() {
    return size;
  }

  JournalEntry get(int index) {
    return Objects.requireNonNull(entries[Objects.checkIndex(index, size)]);
  }

  void add(JournalEntry entry) {
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
  List<JournalEntry> entries() {
    return new Entries(entries, size);
  }

  private static final class Entries extends AbstractList<JournalEntry> implements RandomAccess {
    private final @Nullable JournalEntry[] entries;
    private final int size;

    Entries(@Nullable JournalEntry[] entries, int size) {
      this.entries = entries;
      this.size = size;
    }

    @Override
    public JournalEntry get(int index) {
      return Objects.requireNonNull(entries[Objects.checkIndex(index, size)]);
    }

    @Override
    public int size() {
      return size;
    }
  }
}
