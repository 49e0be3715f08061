package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Confidence.HIGH;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.MEDIUM;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogSign;

/** PASID directories and entries that stopped a request. Source: diagnosis.md 2.5, D9. */
final class PasidRules {

  private static final Pattern DIRECTORY = Pattern.compile("pasid dir entry: 0x([0-9a-f]{1,16})");
  private static final Pattern ENTRY =
      Pattern.compile("pasid table entry\\[(\\d)\\]: 0x([0-9a-f]{1,16})");

  private PasidRules() {}

  static Finding explain(FaultCase faults) {
    int code = faults.code() == null ? 0 : faults.code();
    List<LogSign> crash = new ArrayList<>(faults.any(LogSign.Kind.OOPS));
    crash.addAll(faults.any(LogSign.Kind.KDUMP));
    boolean absent = code == 0x51 || code == 0x59;
    if (absent && isPresentInMemory(faults.log(), code)) {
      return faults.finding("D9a", HIGH, List.of());
    }
    if (absent && !crash.isEmpty()) {
      return faults.finding("D9b", HIGH, crash);
    }
    if (code == 0x5A) {
      return faults.finding("D9c", HIGH, List.of());
    }
    if (absent) {
      return faults.finding("D9d", isEmptyEntry(faults.log()) ? HIGH : MEDIUM, List.of());
    }
    return faults.finding("D9e", MEDIUM, List.of());
  }

  /** The kernel's own walk shows the bit set that hardware found clear. */
  private static boolean isPresentInMemory(KernelLog log, int code) {
    for (String line : log.pageWalk()) {
      Matcher directory = DIRECTORY.matcher(line);
      Matcher entry = ENTRY.matcher(line);
      boolean here =
          code == 0x51
              ? directory.find() && odd(directory.group(1))
              : entry.find() && entry.group(1).equals("0") && odd(entry.group(2));
      if (here) {
        return true;
      }
    }
    return false;
  }

  private static boolean odd(String hex) {
    return (Long.parseUnsignedLong(hex, 16) & 1) != 0;
  }

  /** The walk shows an entry of which every quadword is zero. */
  static boolean isEmptyEntry(KernelLog log) {
    int zeros = 0;
    for (String line : log.pageWalk()) {
      Matcher entry = ENTRY.matcher(line);
      if (entry.find()) {
        if (Long.parseUnsignedLong(entry.group(2), 16) != 0) {
          return false;
        }
        zeros++;
      }
    }
    return zeros > 0;
  }
}
