package org.iommulab.vtd.tables;

import java.util.Optional;
import org.iommulab.bus.SourceId;

/**
 * A PASID-table entry that is not all zero.
 *
 * @param source the requester whose directory it was found in
 * @param pasid its number
 * @param address physical address of the entry
 * @param quadwords eight quadwords
 */
public record PasidNode(SourceId source, int pasid, long address, long[] quadwords) {

  public boolean present() {
    return (quadwords[0] & 1) != 0;
  }

  public boolean faultsDisabled() {
    return (quadwords[0] & 2) != 0;
  }

  public int addressWidth() {
    return (int) (quadwords[0] >>> 2) & 7;
  }

  public int levels() {
    return addressWidth() + 2;
  }

  /** 1 first stage, 2 second stage, 3 nested, 4 pass-through. */
  public int translationType() {
    return (int) (quadwords[0] >>> 6) & 7;
  }

  public int domainId() {
    return (int) quadwords[1] & 0xFFFF;
  }

  public long secondStagePointer() {
    return quadwords[0] & ~0xFFFL;
  }

  public long firstStagePointer() {
    return quadwords[2] & ~0xFFFL;
  }

  /** First-stage paging mode: 0 is 4 levels, 1 is 5 levels. */
  public int firstStageMode() {
    return (int) (quadwords[2] >>> 2) & 3;
  }

  /** The second-stage tree, if its type uses one. */
  public Optional<TableKey> secondStage() {
    boolean uses = translationType() == 2 || translationType() == 3;
    boolean knownWidth = addressWidth() >= 1 && addressWidth() <= 3;
    return present() && uses && knownWidth
        ? Optional.of(new TableKey(TableKey.Stage.SECOND, secondStagePointer(), levels()))
        : Optional.empty();
  }

  /** The first-stage tree, if its type uses one. Nested ones hold guest addresses. */
  public Optional<TableKey> firstStage() {
    boolean uses = translationType() == 1 || translationType() == 3;
    return present() && uses && firstStageMode() < 2
        ? Optional.of(new TableKey(TableKey.Stage.FIRST, firstStagePointer(), 4 + firstStageMode()))
        : Optional.empty();
  }
}
