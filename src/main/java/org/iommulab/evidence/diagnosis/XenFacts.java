package org.iommulab.evidence.diagnosis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.log.KernelLog;

/** What Xen's walk tells about where memory ends. */
final class XenFacts {

  private static final Pattern VALUE = Pattern.compile("= (?:[0-9a-f]{1,16}_)?([0-9a-f]{4,16})$");
  private static final long TABLE = 0x000F_FFFF_FFFF_F000L;
  private static final long LAPTOP = 1L << 36;

  private XenFacts() {}

  /** The address lies above every table of the walk, and tables lie in RAM; or simply very high. */
  static boolean isAboveRam(FaultCase faults) {
    long address = faults.address();
    if (!DeviceAddress.isAboveFourGib(address)) {
      return false;
    }
    long highest = faults.highestTable();
    return highest > 0 ? address > highest : address >= LAPTOP;
  }

  /** The highest table of the walk that a log shows; 0 if it shows none. */
  static long highestTable(KernelLog log) {
    long highest = 0;
    for (String line : log.pageWalk()) {
      Matcher value = VALUE.matcher(line);
      if (value.find()) {
        highest = Math.max(highest, Long.parseUnsignedLong(value.group(1), 16) & TABLE);
      }
    }
    return highest;
  }
}
