package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.TableBrowser;

/**
 * What a present context or PASID entry binds a requester to.
 *
 * @param source requester id
 * @param pasid -1 in legacy mode
 * @param entry its physical address
 * @param domain its domain id
 * @param type what kind of tables it uses
 * @param firstRoot top of the first stage, 0 if it has none
 * @param secondRoot top of the second stage, 0 if it has none
 * @param ahead the device may translate ahead
 * @param words the entry's quadwords
 */
@SuppressWarnings("ArrayRecordComponent")
record Bindings(
    SourceId source,
    int pasid,
    long entry,
    int domain,
    Type type,
    long firstRoot,
    int firstLevels,
    long secondRoot,
    int secondLevels,
    boolean ahead,
    long[] words) {

  /** Kinds of tables. */
  enum Type {
    SECOND,
    FIRST,
    NESTED,
    PASS_THROUGH,
    OTHER;

    boolean usesSecond() {
      return this == SECOND || this == NESTED;
    }
  }

  /** The requester's name, and its PASID if it has one. */
  String who(Step step) {
    String name = step.name(source);
    return pasid < 0 ? name : name + " PASID " + pasid;
  }

  /** All that the tables bind now. */
  static List<Bindings> of(TableBrowser browser) {
    var all = new ArrayList<Bindings>();
    var ahead = new ArrayList<SourceId>();
    for (ContextNode node : browser.contexts()) {
      if (node instanceof ContextNode.Legacy legacy && legacy.present()) {
        all.add(of(legacy));
      } else if (node instanceof ContextNode.Scalable scalable && scalable.deviceTlb()) {
        ahead.add(scalable.source());
      }
    }
    for (PasidNode node : browser.pasids()) {
      if (node.present()) {
        all.add(of(node, ahead.contains(node.source())));
      }
    }
    return all;
  }

  private static Bindings of(ContextNode.Legacy node) {
    boolean through = node.translationType() == ContextEntry.PASS_THROUGH;
    return new Bindings(
        node.source(),
        -1,
        node.address(),
        node.domainId(),
        through ? Type.PASS_THROUGH : Type.SECOND,
        0,
        0,
        through ? 0 : node.tablePointer(),
        through ? 0 : node.levels(),
        node.translationType() == 1,
        node.quadwords());
  }

  private static Bindings of(PasidNode node, boolean ahead) {
    Type type =
        switch (node.translationType()) {
          case PasidEntry.FIRST_STAGE -> Type.FIRST;
          case PasidEntry.SECOND_STAGE -> Type.SECOND;
          case PasidEntry.NESTED -> Type.NESTED;
          case PasidEntry.PASS_THROUGH -> Type.PASS_THROUGH;
          default -> Type.OTHER;
        };
    boolean first = node.firstStage().isPresent();
    boolean second = node.secondStage().isPresent();
    return new Bindings(
        node.source(),
        node.pasid().value(),
        node.address(),
        node.domainId(),
        type,
        first ? node.firstStagePointer() : 0,
        first ? 4 + node.firstStageMode() : 0,
        second ? node.secondStagePointer() : 0,
        second ? node.levels() : 0,
        ahead,
        node.quadwords());
  }
}
