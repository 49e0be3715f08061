package org.iommulab.evidence.log;

import java.util.List;

/**
 * Memory that firmware reserves for devices.
 *
 * @param line of the log
 * @param base first byte
 * @param end last byte
 * @param devices whom Xen lists under it
 * @param ignored true if Xen dropped it because a device of it does not exist
 */
public record LogRmrr(long line, long base, long end, List<String> devices, boolean ignored) {

  public LogRmrr {
    devices = List.copyOf(devices);
  }

  /** Tells whether an address lies in it. */
  public boolean holds(long address) {
    return Long.compareUnsigned(address, base) >= 0 && Long.compareUnsigned(address, end) <= 0;
  }
}
