package org.iommulab.vtd.request;

import java.util.List;
import org.iommulab.bits.Layout;
import org.iommulab.vtd.layout.FaultReason;
import org.jspecify.annotations.Nullable;

/**
 * One stage of a request on its way.
 *
 * @param stage what kind of stage
 * @param title short name for a person, such as {@code PDPT entry 3}
 * @param level table level for the paging stages, else 0
 * @param parentLevel in nested translation the first-stage level this second-stage walk serves; 0
 *     for the walk of the final address, -1 outside nested walks
 * @param address physical address read, -1 if nothing was read
 * @param quadwords what was read, or the cached value; empty if there is none
 * @param layout how to read the quadwords; null if there are none
 * @param outcome what happened
 * @param facts short named values, in the order to show them
 * @param reason the failed check, null unless the outcome is FAULT
 */
public record WalkStep(
    Stage stage,
    String title,
    int level,
    int parentLevel,
    long address,
    List<Long> quadwords,
    @Nullable Layout layout,
    Outcome outcome,
    List<Fact> facts,
    @Nullable FaultReason reason) {

  /** Kinds of stages in the order a request meets them. */
  public enum Stage {
    DEVICE,
    DEVICE_TLB,
    /** The device asks the unit for a translation. */
    TRANSLATION_REQUEST,
    /** The unit's answer to it. */
    COMPLETION,
    /** What the device sends once it has an answer. */
    SENT,
    UNIT,
    IOTLB,
    CONTEXT_CACHE,
    ROOT,
    CONTEXT,
    PASID_CACHE,
    PASID_DIRECTORY,
    PASID_ENTRY,
    PAGING_CACHE,
    FIRST_STAGE,
    SECOND_STAGE,
    OUTPUT,
    MEMORY,
    INTERRUPT
  }

  /** What happened at a stage. */
  public enum Outcome {
    /** A cache had the answer. */
    HIT,
    /** A cache did not. */
    MISS,
    /** An entry was read and is fine. */
    OK,
    /** An entry was read and takes rights away. */
    NARROWED,
    /** A check failed here. */
    FAULT,
    /** The stage is switched off or not there. */
    OFF
  }

  /**
   * A short named value.
   *
   * @param name such as {@code domain}
   * @param value such as {@code 5}
   */
  public record Fact(String name, String value) {}

  public WalkStep {
    quadwords = List.copyOf(quadwords);
    facts = List.copyOf(facts);
  }
}
