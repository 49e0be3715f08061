package org.iommulab.lab.advice;

import java.util.List;
import org.iommulab.bus.PciDevice;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.words.Bilingual;

/** A mapping of the DMA API that a driver holds, or held. */
final class Live {

  /** How it came to be; {@code dma_map_page} and {@code dma_map_single} count as one. */
  enum Kind {
    SINGLE(Wording.ONE_BUFFER),
    LIST(Wording.SCATTER_LIST),
    COHERENT(Wording.COHERENT),
    RESOURCE(Wording.RESOURCE);

    private final Wording phrase;

    Kind(Wording phrase) {
      this.phrase = phrase;
    }

    Bilingual said() {
      return phrase.with();
    }
  }

  /** A piece of it: address for the device, bytes, place in memory. */
  record Piece(long address, long size, long physical) {

    boolean holds(long at) {
      return at >= address && at - address < size;
    }

    boolean lies(long at, long length) {
      return physical >= 0 && at < physical + size && physical < at + length;
    }
  }

  final PciDevice device;
  final Kind kind;
  final DmaDirection direction;
  final long address;
  final long size;
  final List<Piece> pieces;
  final int entries;
  final int step;
  final long sinceNs;
  final boolean bounced;
  final boolean unsynced;
  String name = "";
  long cpuAddress;
  boolean checked;
  boolean nameLost;
  boolean forCpu;
  boolean deviceWrote;
  long bytesWritten;
  boolean deviceRead;
  boolean used;

  Live(
      PciDevice device,
      Kind kind,
      DmaDirection direction,
      List<Piece> pieces,
      int entries,
      Step step,
      boolean bounced,
      boolean unsynced) {
    this.device = device;
    this.kind = kind;
    this.direction = direction;
    this.pieces = List.copyOf(pieces);
    this.address = pieces.getFirst().address();
    this.size = pieces.stream().mapToLong(Piece::size).sum();
    this.entries = entries;
    this.step = step.number();
    this.sinceNs = step.timeNs();
    this.bounced = bounced;
    this.unsynced = unsynced;
  }

  boolean holds(long at) {
    return pieces.stream().anyMatch(piece -> piece.holds(at));
  }

  boolean lies(long physical, long length) {
    return pieces.stream().anyMatch(piece -> piece.lies(physical, length));
  }

  boolean streaming() {
    return kind == Kind.SINGLE || kind == Kind.LIST;
  }

  /** Bytes a CPU may not touch now: they belong to the device. */
  boolean belongsToDevice() {
    return streaming() && !forCpu;
  }
}
