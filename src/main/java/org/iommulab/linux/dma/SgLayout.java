package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.List;

/**
 * How a scatter list is laid out behind one address: each entry in whole pages, with padding where
 * a segment boundary would be crossed, and joined again for the device where it may be.
 */
final class SgLayout {

  private final DmaDevice device;
  private final DmaCookie cookie;
  private final List<SgMapping.Entry> original;
  private final List<SgMapping.Entry> padded = new ArrayList<>();
  private long total;

  SgLayout(DmaDevice device, DmaCookie cookie, List<SgMapping.Entry> original) {
    this.device = device;
    this.cookie = cookie;
    this.original = original;
    long boundary = device.segmentBoundary();
    for (SgMapping.Entry entry : original) {
      long offset = cookie.offset(entry.phys());
      long length = cookie.align(entry.length() + offset);
      long pad = (boundary - total + 1) & boundary;
      if (pad != 0 && pad < length - 1 && !padded.isEmpty()) {
        SgMapping.Entry last = padded.removeLast();
        padded.add(new SgMapping.Entry(last.phys(), last.length() + pad));
        total += pad;
      }
      padded.add(new SgMapping.Entry(entry.phys() - offset, length));
      total += length;
    }
  }

  /** Bytes of address space it needs. */
  long total() {
    return total;
  }

  /** The entries as they are mapped. */
  List<SgMapping.Entry> padded() {
    return padded;
  }

  /** {@code __finalise_sg()}: what the device is told, neighbours joined as far as it allows. */
  List<SgMapping.Segment> segments(long iova) {
    var segments = new ArrayList<SgMapping.Segment>();
    long at = iova;
    long current = 0;
    for (int i = 0; i < original.size(); i++) {
      long length = original.get(i).length();
      long offset = cookie.offset(original.get(i).phys());
      long mapped = padded.get(i).length();
      boolean joins =
          current > 0
              && offset == 0
              && (at & device.segmentBoundary()) != 0
              && device.maxSegment() - current >= length;
      if (joins) {
        SgMapping.Segment last = segments.removeLast();
        current += length;
        segments.add(new SgMapping.Segment(last.address(), current));
      } else {
        current = length;
        segments.add(new SgMapping.Segment(at + offset, length));
      }
      at += mapped;
      if (length + offset < mapped) {
        current = 0;
      }
    }
    return segments;
  }
}
