package org.iommulab.vtd.tables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;

/**
 * Looks for programming that the architecture forbids and no fault tells of: domain ids that are
 * not to be used or mean two things, registers that are on without what they need, messages that
 * would be plain writes to memory. Source: vtd.md 1.4, 2.6, 5.5, 6.1, 6.3, 7.1, 8.3.
 */
final class ProgrammingScan {

  private static final String[] GSTS_NEEDS = {
    "TES", "RTPS", "translation is on but no root table was ever set (GSTS.RTPS is clear)",
    "IRES", "IRTPS", "interrupt remapping is on but no table was ever set (GSTS.IRTPS is clear)",
    "IRES", "QIES",
        "interrupt remapping is on without the invalidation queue, which alone can"
            + " invalidate its entries"
  };

  private final TableBrowser tables;
  private final RegisterValues registers;
  private final List<Finding> findings = new ArrayList<>();

  ProgrammingScan(TableBrowser tables) {
    this.tables = tables;
    registers = tables.registers();
  }

  /** An entry that gives a domain id to requests. */
  private record Owner(String name, long address, int domainId, boolean shares) {}

  List<Finding> findings() {
    if (registers.cap() == -1L && registers.ecap() == -1L) {
      say(
          Finding.Kind.UNSUPPORTED,
          -1,
          "The unit's registers read as all ones: it is switched off, or its base address is"
              + " wrong.");
      return findings;
    }
    List<Owner> owners = owners();
    if (CapabilityLayout.CM.isSet(registers.cap())) {
      domainZero(owners);
    }
    stagesApart(owners);
    oneTreeEach();
    status();
    commands();
    events();
    interruptEntries();
    return findings;
  }

  private void say(Finding.Kind kind, long address, String text, Object... arguments) {
    findings.add(new Finding(kind, address, String.format(Locale.ROOT, text, arguments)));
  }

  private List<Owner> owners() {
    var owners = new ArrayList<Owner>();
    for (ContextNode context : tables.contexts()) {
      if (context instanceof ContextNode.Legacy legacy && legacy.present()) {
        String name = "the context entry of " + legacy.source();
        owners.add(new Owner(name, legacy.address(), legacy.domainId(), true));
      }
    }
    for (PasidNode pasid : tables.pasids()) {
      if (pasid.present()) {
        boolean shares =
            pasid.translationType() == PasidEntry.SECOND_STAGE
                || pasid.translationType() == PasidEntry.NESTED;
        String name = "PASID entry " + pasid.pasid() + " of " + pasid.source();
        owners.add(new Owner(name, pasid.address(), pasid.domainId(), shares));
      }
    }
    return owners;
  }

  private void domainZero(List<Owner> owners) {
    List<Owner> zero = owners.stream().filter(owner -> owner.domainId() == 0).toList();
    if (!zero.isEmpty()) {
      Owner first = zero.getFirst();
      String others =
          zero.size() == 1 ? "" : ", and so " + hasOrHave(zero) + " " + (zero.size() - 1) + " more";
      say(
          Finding.Kind.FORBIDDEN,
          first.address(),
          "%s has domain id 0%s: a unit in caching mode (CAP.CM = 1) tags absent entries with 0, so"
              + " software must leave that id unused.",
          capital(first.name()),
          others);
    }
  }

  private static String hasOrHave(List<Owner> zero) {
    return zero.size() == 2 ? "has" : "have";
  }

  private static String capital(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  /** First-stage and pass-through entries have domain ids of their own. */
  private void stagesApart(List<Owner> owners) {
    Map<Integer, Owner> sharing = new HashMap<>();
    Map<Integer, Owner> alone = new HashMap<>();
    for (Owner owner : owners) {
      (owner.shares() ? sharing : alone).putIfAbsent(owner.domainId(), owner);
    }
    alone.forEach(
        (domain, owner) -> {
          Owner other = sharing.get(domain);
          if (other != null) {
            say(
                Finding.Kind.FORBIDDEN,
                owner.address(),
                "%s, of first stage or pass-through, has domain id %d, and so has %s with its"
                    + " second stage: the two kinds must not share an id.",
                capital(owner.name()),
                domain,
                other.name());
          }
        });
  }

  /** What caches tag alike must lead to one tree. */
  private void oneTreeEach() {
    Map<String, TableUse> first = new HashMap<>();
    for (TableUse use : tables.uses()) {
      boolean byPasid = use.table().stage() == TableKey.Stage.FIRST;
      String tag = use.domainId() + (byPasid ? " " + use.pasid() : "");
      TableUse before = first.putIfAbsent(use.table().stage() + " " + tag, use);
      if (before != null && !before.table().equals(use.table())) {
        say(
            Finding.Kind.DOMAIN_CONFLICT,
            use.table().root(),
            "%s and %s share domain id %d but use different tables, %s and %s: cached"
                + " translations of one can serve the other.",
            before.source(),
            use.source(),
            use.domainId(),
            before.table(),
            use.table());
      }
    }
  }

  private boolean status(String field) {
    return RegisterLayouts.GSTS.field(field).isSet(registers.gsts());
  }

  private void status() {
    for (int i = 0; i < GSTS_NEEDS.length; i += 3) {
      if (status(GSTS_NEEDS[i]) && !status(GSTS_NEEDS[i + 1])) {
        say(Finding.Kind.FORBIDDEN, -1, "%s.", capital(GSTS_NEEDS[i + 2]));
      }
    }
    boolean extended = RegisterLayouts.IRTA.field("EIME").isSet(registers.irta());
    if (status("IRES") && extended && !ExtendedCapabilityLayout.EIM.isSet(registers.ecap())) {
      say(
          Finding.Kind.FORBIDDEN,
          -1,
          "IRTA.EIME asks for 32-bit APIC ids, which this unit does not have (ECAP.EIM is clear).");
    }
  }

  /** A command by register while the queue is on stays undone, and its bit stays set. */
  private void commands() {
    boolean byRegister = registers.version() >> 4 < 6;
    command(byRegister, RegisterLayouts.CCMD, "ICC");
    command(byRegister, RegisterLayouts.IOTLB, "IVT");
  }

  private void command(boolean exists, Register register, String field) {
    if (exists && status("QIES") && register.field(field).isSet(registers.value(register))) {
      say(
          Finding.Kind.FORBIDDEN,
          -1,
          "%s.%s is set while the invalidation queue is on: register-based invalidation must not be"
              + " used then, and was not carried out.",
          register.name(),
          field);
    }
  }

  private void events() {
    event(RegisterLayouts.FECTL, RegisterLayouts.FEADDR);
    if (ExtendedCapabilityLayout.QI.isSet(registers.ecap())) {
      event(RegisterLayouts.IECTL, RegisterLayouts.IEADDR);
    }
    boolean asksForPages =
        ExtendedCapabilityLayout.PRS.isSet(registers.ecap())
            && RegisterLayouts.PQA.field("PQA").get(registers.value(RegisterLayouts.PQA)) != 0;
    if (asksForPages) {
      event(RegisterLayouts.PECTL, RegisterLayouts.PEADDR);
    }
  }

  private void event(Register control, Register address) {
    long at = registers.value(address);
    if (!control.field("IM").isSet(registers.value(control)) && at >>> 20 != 0xFEE) {
      say(
          Finding.Kind.FORBIDDEN,
          at,
          "%s is unmasked but %s holds 0x%x: the event would be a write to memory there, not an"
              + " interrupt.",
          control.name(),
          address.name(),
          at);
    }
  }

  private void interruptEntries() {
    for (IrteNode entry : tables.irtes()) {
      int delivery = (int) Irte.DLM.get(entry.lo());
      boolean remaps = Irte.P.isSet(entry.lo()) && !Irte.IM.isSet(entry.lo());
      if (remaps && (delivery == 3 || delivery == 6)) {
        say(
            Finding.Kind.FORBIDDEN,
            entry.address(),
            "Interrupt entry %d (of %s) has delivery mode %d, which does not exist.",
            entry.index(),
            new SourceId((int) Irte.SID.get(entry.hi())),
            delivery);
      }
    }
  }
}
