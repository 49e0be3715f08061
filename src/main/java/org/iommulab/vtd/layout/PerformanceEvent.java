package org.iommulab.vtd.layout;

import org.iommulab.bits.Field;
import org.iommulab.bits.Measure;

/** What performance counters can count, by group and bit. Source: vtd.md 1.3. */
public enum PerformanceEvent {
  REQUESTS(0, 1, "requests that arrived"),
  ATS_BLOCKED(0, 3, "translation requests refused"),
  MEMORY_READS(1, 0, "paging entries read from memory"),
  REQUESTS_BLOCKED(1, 5, "requests refused"),
  PAGE_REQUESTS(1, 6, "page requests posted"),
  CONTEXT_LOOKUPS(2, 0, "context cache lookups"),
  CONTEXT_HITS(2, 1, "context cache hits"),
  PASID_LOOKUPS(2, 2, "PASID cache lookups"),
  PASID_HITS(2, 3, "PASID cache hits"),
  SECOND_STAGE_LOOKUPS(2, 4, "second-stage paging-structure cache lookups"),
  SECOND_STAGE_HITS(2, 5, "second-stage paging-structure cache hits"),
  IOTLB_LOOKUPS(3, 0, "IOTLB lookups"),
  IOTLB_HITS(3, 1, "IOTLB hits"),
  INTERRUPT_LOOKUPS(4, 0, "interrupt cache lookups"),
  INTERRUPT_HITS(4, 1, "interrupt cache hits");

  private final int group;
  private final int bit;
  private final String meaning;

  PerformanceEvent(int group, int bit, String meaning) {
    this.group = group;
    this.bit = bit;
    this.meaning = meaning;
  }

  /** Tells whether a counter's configuration selects it. */
  public boolean isSelected(int inGroup, long events) {
    return group == inGroup && (events >>> bit & 1) != 0;
  }

  /** A short phrase for people. */
  public String meaning() {
    return meaning;
  }

  /** A field with one bit for each event of a group. */
  static Field named(int group, Field field) {
    Field named = field.measured(Measure.SET);
    for (PerformanceEvent event : values()) {
      named = event.group == group ? named.value(1L << event.bit, event.meaning) : named;
    }
    return named;
  }

  /** The events of a group, as the capability register shows them. */
  static long maskOf(int group) {
    long mask = 0;
    for (PerformanceEvent event : values()) {
      mask |= event.group == group ? 1L << event.bit : 0;
    }
    return mask;
  }
}
