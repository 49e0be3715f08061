package org.iommulab.vtd.tables;

import java.util.List;
import org.iommulab.vtd.layout.InvalidationDescriptor;

/**
 * The invalidation queue as registers and memory show it.
 *
 * @param address physical address
 * @param bytes its size
 * @param descriptorBytes 16 or 32
 * @param widthBit what IQA.DW says
 * @param head byte offset of the next descriptor the unit fetches
 * @param tail byte offset behind the last one that software wrote
 * @param descriptors all slots that are not zero, consumed ones included
 */
public record QueueContents(
    long address,
    int bytes,
    int descriptorBytes,
    boolean widthBit,
    long head,
    long tail,
    List<Descriptor> descriptors) {

  /**
   * One slot.
   *
   * @param slot its number
   * @param address physical address
   * @param quadwords two or four
   */
  public record Descriptor(int slot, long address, long[] quadwords) {

    /** Descriptor type, bits 11:9 and 3:0. */
    public int type() {
      return (int)
          (InvalidationDescriptor.TYPE.get(quadwords)
              | InvalidationDescriptor.TYPE_HIGH.get(quadwords) << 4);
    }
  }
}
