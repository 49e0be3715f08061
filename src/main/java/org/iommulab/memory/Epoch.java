package org.iommulab.memory;

import java.util.Arrays;

/** The frames put aside by the first writes after one checkpoint. */
final class Epoch {
  final long serial;
  long[] pfns = new long[4];
  long[][] frames = new long[4][];
  int[] epochs = new int[4];
  int size;

  Epoch(long serial) {
    this.serial = serial;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(long pfn, long[] frame, int epoch) {
    if (size == pfns.length) {
      pfns = Arrays.copyOf(pfns, size * 2);
      frames = Arrays.copyOf(frames, size * 2);
      epochs = Arrays.copyOf(epochs, size * 2);
    }
    pfns[size] = pfn;
    frames[size] = frame;
    epochs[size++] = epoch;
  }
}
