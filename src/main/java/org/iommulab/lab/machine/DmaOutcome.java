package org.iommulab.lab.machine;

import java.util.List;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.RequestOutcome;
import org.iommulab.vtd.request.Translation;
import org.jspecify.annotations.Nullable;

/**
 * What became of a DMA.
 *
 * @param status the chunks' status, {@link Status#MIXED} if they differ
 * @param chunks its pieces, split at 4 KiB, in ascending order
 */
public record DmaOutcome(Status status, List<Chunk> chunks) {

  /** What became of a piece. */
  public enum Status {
    /** The data moved. */
    DONE("done"),
    /** The unit refused it. */
    BLOCKED("blocked"),
    /** It was translated to an address that is not memory. */
    VOID("void"),
    /** It was an interrupt request. */
    INTERRUPT("intr"),
    /** The device's translation grants too little, so nothing was sent. */
    DENIED("denied"),
    /** The unit does not translate for the device, so nothing was sent. */
    REFUSED("refused"),
    /** The pieces differ; never the status of a piece. */
    MIXED("mixed");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    /** The word used in scripts. */
    public String word() {
      return word;
    }
  }

  /**
   * One piece.
   *
   * @param iova its first address as issued
   * @param length bytes
   * @param outcome how the request for it ended
   * @param data bytes read; null unless a read was done
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Chunk(long iova, int length, RequestOutcome outcome, byte @Nullable [] data) {

    /** What became of it, in a word. */
    public Status status() {
      return switch (outcome) {
        case Translation.Done done -> done.memory() ? Status.DONE : Status.VOID;
        case Translation.Blocked _, Translation.Aborted _ -> Status.BLOCKED;
        case Translation.Interrupt _ -> Status.INTERRUPT;
        case RequestOutcome.Denied _ -> Status.DENIED;
        case RequestOutcome.Refused _ -> Status.REFUSED;
      };
    }

    /** Where it went; -1 unless done or void. */
    public long physicalAddress() {
      return outcome instanceof Translation.Done done ? done.address() : -1;
    }

    /** The failed check, if there was one and software can learn of it. */
    public @Nullable FaultReason reason() {
      return switch (outcome) {
        case Translation.Blocked blocked -> blocked.isHidden() ? null : blocked.reason();
        case RequestOutcome.Refused refused -> refused.reason();
        case Translation.Done _,
            Translation.Aborted _,
            Translation.Interrupt _,
            RequestOutcome.Denied _ ->
            null;
      };
    }

    /** Tells whether a cached entry decided to block it. */
    public boolean cached() {
      return outcome instanceof Translation.Blocked blocked && blocked.cached();
    }

    /** The same piece with the address as the device knows it. */
    Chunk at(long asIssued) {
      return new Chunk(asIssued, length, outcome, data);
    }
  }

  public DmaOutcome {
    chunks = List.copyOf(chunks);
  }
}
