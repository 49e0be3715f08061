package org.iommulab.vtd.request;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bits.Layout;
import org.iommulab.bus.DmaAccess;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.WalkStep.Fact;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.jspecify.annotations.Nullable;

/** Collects the stages of one request. Exists only while somebody wants to see them. */
public final class PathRecorder {

  /** {@link WalkStep#parentLevel} outside nested walks. */
  public static final int NO_PARENT = -1;

  private static final String[] LEVEL_NAMES = {"", "PT", "PD", "PDPT", "PML4", "PML5"};

  private final List<WalkStep> steps = new ArrayList<>();
  private int parent = NO_PARENT;

  /** Second-stage steps from now on serve the first-stage entry of that level; 0: the output. */
  public void serve(int firstStageLevel) {
    parent = firstStageLevel;
  }

  /** The device that sends the request. */
  public void device(DmaAccess access, String verb, Fact more) {
    plain(
        Stage.DEVICE,
        access.source() + " " + verb,
        Outcome.OK,
        hex("address", access.address()),
        more);
  }

  /** A stage that read an entry of memory. */
  public void read(
      Stage stage,
      String title,
      long address,
      List<Long> quadwords,
      Layout layout,
      @Nullable FaultReason reason,
      Fact... facts) {
    Outcome outcome = reason == null ? Outcome.OK : Outcome.FAULT;
    steps.add(
        new WalkStep(
            stage,
            title,
            0,
            NO_PARENT,
            address,
            quadwords,
            layout,
            outcome,
            List.of(facts),
            reason));
  }

  /** A paging entry. */
  public void entry(
      Stage stage,
      int level,
      long address,
      long quadword,
      Layout layout,
      Outcome outcome,
      @Nullable FaultReason reason,
      Fact... facts) {
    boolean unreadable = reason != null && isUnreadable(reason);
    int index = (int) (address >>> 3) & 511;
    steps.add(
        new WalkStep(
            stage,
            LEVEL_NAMES[level] + " entry " + index,
            level,
            stage == Stage.SECOND_STAGE ? parent : NO_PARENT,
            address,
            unreadable ? List.of() : List.of(quadword),
            unreadable ? null : layout,
            outcome,
            List.of(facts),
            reason));
  }

  private static boolean isUnreadable(FaultReason reason) {
    return switch (reason) {
      case CONTEXT_INVALID,
          TABLE_UNREADABLE,
          SECOND_STAGE_TOP_UNREADABLE,
          SECOND_STAGE_UNREADABLE,
          FIRST_STAGE_TOP_UNREADABLE,
          FIRST_STAGE_UNREADABLE ->
          true;
      default -> false;
    };
  }

  /** A stage that read nothing. */
  public void plain(Stage stage, String title, Outcome outcome, Fact... facts) {
    steps.add(
        new WalkStep(
            stage, title, 0, NO_PARENT, -1, List.of(), null, outcome, List.of(facts), null));
  }

  /** A cache that had the answer. */
  public void hit(
      Stage stage, String title, List<Long> quadwords, @Nullable Layout layout, Fact... facts) {
    steps.add(
        new WalkStep(
            stage, title, 0, NO_PARENT, -1, quadwords, layout, Outcome.HIT, List.of(facts), null));
  }

  /** A check that failed without reading anything. */
  public void failed(Stage stage, String title, FaultReason reason, Fact... facts) {
    steps.add(
        new WalkStep(
            stage,
            title,
            0,
            stage == Stage.SECOND_STAGE ? parent : NO_PARENT,
            -1,
            List.of(),
            null,
            Outcome.FAULT,
            List.of(facts),
            reason));
  }

  /** Forgets everything: the tables are asked anew. */
  public void clear() {
    steps.clear();
    parent = NO_PARENT;
  }

  public List<WalkStep> steps() {
    return steps;
  }

  public static Fact fact(String name, String value) {
    return new Fact(name, value);
  }

  public static Fact fact(String name, long value) {
    return new Fact(name, Long.toString(value));
  }

  public static Fact hex(String name, long value) {
    return new Fact(name, "0x" + Long.toHexString(value));
  }
}
