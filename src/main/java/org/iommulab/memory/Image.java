package org.iommulab.memory;

/** Bytes that lie underneath memory and are copied into a frame when it is first touched. */
interface Image {

  /** Tells whether the frame has at least one byte of it. */
  boolean reaches(long pfn);

  /**
   * Copies its bytes of a frame that it reaches; the frame's others stay.
   *
   * @return false if they cannot be had
   */
  boolean copyInto(long pfn, long[] frame);
}
