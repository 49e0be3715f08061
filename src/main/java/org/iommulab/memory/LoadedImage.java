package org.iommulab.memory;

/**
 * Pages that a loader fetches.
 *
 * @param range whole frames
 * @param loader fetches them
 */
record LoadedImage(AddressRange range, PageLoader loader) implements Image {

  @Override
  public boolean reaches(long pfn) {
    return range.contains(pfn << 12, PhysicalMemory.FRAME_BYTES);
  }

  @Override
  public boolean copyInto(long pfn, long[] frame) {
    return loader.load(pfn, frame);
  }
}
