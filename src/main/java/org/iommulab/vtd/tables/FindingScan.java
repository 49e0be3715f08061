package org.iommulab.vtd.tables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;

/** Looks through all structures for what should not be there. */
final class FindingScan {

  private final TableBrowser tables;
  private final Set<String> features = new HashSet<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Set<Long> pasidTables = new HashSet<>();

  FindingScan(TableBrowser tables) {
    this.tables = tables;
    collectFeatures(CapabilityLayout.LAYOUT, tables.registers().cap());
    collectFeatures(ExtendedCapabilityLayout.LAYOUT, tables.registers().ecap());
  }

  private void collectFeatures(Layout layout, long value) {
    for (Field field : layout.fields()) {
      if (field.kind() == Field.Kind.FLAG && field.isSet(value)) {
        features.add(field.name());
      }
    }
  }

  List<Finding> findings() {
    rootTable();
    tables.contexts().forEach(this::context);
    tables.pasids().forEach(this::pasid);
    findings.addAll(tables.programming());
    trees();
    queue();
    return findings;
  }

  private void say(Finding.Kind kind, long address, String text, Object... arguments) {
    findings.add(new Finding(kind, address, String.format(Locale.ROOT, text, arguments)));
  }

  private boolean isMissing(long address) {
    return tables.isMissing(address);
  }

  private void reserved(String what, Layout layout, long address, long... quadwords) {
    for (int i = 0; i < quadwords.length; i++) {
      long bits = quadwords[i] & layout.reservedMask(i, features);
      if (bits != 0) {
        say(
            Finding.Kind.RESERVED_BITS,
            address,
            "%s at 0x%x has reserved bits set: 0x%x in quadword %d.",
            what,
            address,
            bits,
            i);
      }
    }
  }

  private void rootTable() {
    long root = tables.rootTable().orElse(0L);
    if (tables.rootTable().isPresent() && isMissing(root)) {
      say(
          Finding.Kind.OUTSIDE_MEMORY,
          root,
          "The root table at 0x%x is not in memory: no context can be shown.",
          root);
    }
    boolean scalable = tables.mode() == Mode.SCALABLE;
    Map<Long, Integer> buses = new HashMap<>();
    for (RootNode node : tables.roots()) {
      Layout layout = scalable ? RootEntry.SCALABLE : RootEntry.LEGACY;
      String name = String.format(Locale.ROOT, "The root entry of bus %02x", node.bus());
      reserved(name, layout, node.address(), node.lo(), node.hi());
      pointer(name, node.address(), node.lo(), "context table");
      sharedContexts(name, node, node.lo(), buses);
      if (scalable) {
        pointer(name, node.address() + 8, node.hi(), "upper context table");
        sharedContexts(name, node, node.hi(), buses);
      }
    }
  }

  private void sharedContexts(String name, RootNode node, long quadword, Map<Long, Integer> buses) {
    if (!RootEntry.P.isSet(quadword)) {
      return;
    }
    long table = RootEntry.CTP.get(quadword);
    Integer first = buses.putIfAbsent(table, node.bus());
    if (first != null) {
      say(
          Finding.Kind.SHARED_TABLE,
          node.address(),
          "%s points to the context table at 0x%x that bus %02x uses too; it is listed once.",
          name,
          table,
          first);
    }
  }

  private void pointer(String name, long entry, long quadword, String target) {
    if (RootEntry.P.isSet(quadword) && isMissing(RootEntry.CTP.get(quadword))) {
      say(
          Finding.Kind.OUTSIDE_MEMORY,
          entry,
          "%s points to a %s at 0x%x that is not in memory.",
          name,
          target,
          RootEntry.CTP.get(quadword));
    }
  }

  private void context(ContextNode context) {
    String name = "The context entry of " + context.source();
    if (!context.present()) {
      return;
    }
    switch (context) {
      case ContextNode.Legacy legacy -> {
        reserved(name, ContextEntry.LAYOUT, legacy.address(), legacy.quadwords());
        if (legacy.translationType() == 3
            || legacy.addressWidth() < 1
            || legacy.addressWidth() > 3) {
          say(
              Finding.Kind.UNSUPPORTED,
              legacy.address(),
              "%s has translation type %d and address width %d, which do not exist.",
              name,
              legacy.translationType(),
              legacy.addressWidth());
        }
      }
      case ContextNode.Scalable scalable -> {
        reserved(name, ScalableContextEntry.LAYOUT, scalable.address(), scalable.quadwords());
        if (isMissing(scalable.directory())) {
          say(
              Finding.Kind.OUTSIDE_MEMORY,
              scalable.address(),
              "%s points to a PASID directory at 0x%x that is not in memory.",
              name,
              scalable.directory());
        }
        sharedPasids(name, scalable);
      }
    }
  }

  private void sharedPasids(String name, ContextNode.Scalable scalable) {
    int again = 0;
    long first = 0;
    for (long table : tables.pasidTables(scalable)) {
      if (!pasidTables.add(table) && again++ == 0) {
        first = table;
      }
    }
    if (again > 0) {
      say(
          Finding.Kind.SHARED_TABLE,
          scalable.address(),
          "%s leads %d times to a PASID table that was used before, the first one at 0x%x; each is"
              + " listed once.",
          name,
          again,
          first);
    }
  }

  private void pasid(PasidNode pasid) {
    String name = String.format(Locale.ROOT, "PASID entry %s of %s", pasid.pasid(), pasid.source());
    if (!pasid.present()) {
      return;
    }
    reserved(name, PasidEntry.LAYOUT, pasid.address(), pasid.quadwords());
    if (pasid.translationType() < PasidEntry.FIRST_STAGE
        || pasid.translationType() > PasidEntry.PASS_THROUGH) {
      say(
          Finding.Kind.UNSUPPORTED,
          pasid.address(),
          "%s has translation type %d, which does not exist.",
          name,
          pasid.translationType());
    }
  }

  private void trees() {
    Map<Long, TableKey> owners = new HashMap<>();
    Set<TableKey> done = new HashSet<>();
    for (TableUse use : tables.uses()) {
      if (!use.guestPointers() && done.add(use.table())) {
        new TreeCheck(tables.table(use.table()), features, owners, findings).run();
      }
    }
  }

  private void queue() {
    tables
        .queue()
        .ifPresent(
            queue -> {
              if (queue.descriptorBytes() == 32 && !queue.widthBit()) {
                say(
                    Finding.Kind.QUEUE,
                    queue.address(),
                    "IQA reads DW=0 but the queue holds 32-byte descriptors"
                        + " (QEMU does not return bit 11 on reads)");
              }
              if (isMissing(queue.address())) {
                say(
                    Finding.Kind.OUTSIDE_MEMORY,
                    queue.address(),
                    "The invalidation queue at 0x%x is not in memory.",
                    queue.address());
              }
            });
  }
}
