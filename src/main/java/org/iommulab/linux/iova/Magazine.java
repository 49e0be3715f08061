package org.iommulab.linux.iova;

import java.util.Arrays;
import java.util.stream.LongStream;

/** A stack of free page frame numbers, all of ranges of the same size. */
final class Magazine {

  private final long[] pfns;
  private int size;

  Magazine(int capacity) {
    pfns = new long[capacity];
  }

  boolean isFull() {
    return size == pfns.length;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  void push(long pfn) {
    pfns[size++] = pfn;
  }

  /** Takes the latest one that is not above {@code limit}; 0 if there is none. */
  long pop(long limit) {
    for (int i = size - 1; i >= 0; i--) {
      if (pfns[i] <= limit) {
        long pfn = pfns[i];
        pfns[i] = pfns[--size];
        return pfn;
      }
    }
    return 0;
  }

  void clear() {
    size = 0;
  }

  LongStream stream() {
    return Arrays.stream(pfns, 0, size);
  }
}
