package org.iommulab.lab.machine;

import java.util.List;
import org.iommulab.vtd.layout.FaultReason;
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
   * @param status what became of it
   * @param physicalAddress where it went; -1 unless done or void
   * @param data bytes read; null unless a read was done
   * @param reason the failed check if it was blocked and no FPD bit hid it; null otherwise
   * @param cached true if a cached entry decided to block it
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Chunk(
      long iova,
      int length,
      Status status,
      long physicalAddress,
      byte @Nullable [] data,
      @Nullable FaultReason reason,
      boolean cached) {

    /** The same piece with the address as the device knows it. */
    Chunk at(long asIssued) {
      return new Chunk(asIssued, length, status, physicalAddress, data, reason, cached);
    }
  }

  public DmaOutcome {
    chunks = List.copyOf(chunks);
  }
}
