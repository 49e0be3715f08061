package org.iommulab.lab.advice;

import java.util.List;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** H46: a writable leaf leads to something that the unit itself reads. */
final class OwnTableRule {

  private static final long FRAME = 0x000F_FFFF_FFFF_F000L;

  /** How far into a large page tables are looked for. */
  private static final long LOOKED_AT = 1L << 24;

  private final RemappingUnit unit;
  private final Shadow shadow;

  OwnTableRule(RemappingUnit unit, Shadow shadow) {
    this.unit = unit;
    this.shadow = shadow;
  }

  static boolean concerns(TableFrame place, long value) {
    return !place.guest() && SecondStageEntry.W.isSet(value);
  }

  /**
   * Judges a leaf.
   *
   * @param leaf where the entry lies
   * @param reach bytes that it maps
   */
  void judge(Step step, long leaf, long value, long iova, int domain, long reach) {
    long frame = value & FRAME & -reach;
    Bilingual what = queue(frame, reach);
    long where = frame;
    for (long at = frame; what == null && at < frame + Math.min(reach, LOOKED_AT); at += 4096) {
      List<TableFrame> places = shadow.of(at);
      what = places.isEmpty() ? null : places.getFirst().name();
      where = at;
    }
    boolean identity = frame == iova;
    if (what != null && !identity) {
      step.raise(
          "H46",
          leaf,
          List.of(Evidence.entry(leaf)),
          List.of(Remedy.write(leaf, 0)),
          Digits.bare(iova),
          domain,
          Digits.bare(where),
          what);
    }
  }

  private @Nullable Bilingual queue(long frame, long reach) {
    long status = unit.read(RegisterLayouts.GSTS.position(), 4);
    long queue = RegisterLayouts.IQA.field("IQA").get(unit.read(RegisterLayouts.IQA.position(), 8));
    if (RegisterLayouts.GSTS.field("QIES").isSet(status)
        && queue >= frame
        && queue - frame < reach) {
      return Wording.QUEUE.with();
    }
    long interrupts =
        RegisterLayouts.IRTA.field("IRTA").get(unit.read(RegisterLayouts.IRTA.position(), 8));
    boolean remaps = RegisterLayouts.GSTS.field("IRES").isSet(status);
    return remaps && interrupts >= frame && interrupts - frame < reach
        ? Wording.INTERRUPT_TABLE.with()
        : null;
  }
}
