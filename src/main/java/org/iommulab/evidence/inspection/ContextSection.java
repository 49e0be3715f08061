package org.iommulab.evidence.inspection;

import java.util.Locale;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.RootNode;

/** Root, context and PASID entries of an inspection. */
final class ContextSection {

  private final JsonWriter json;

  ContextSection(JsonWriter json) {
    this.json = json;
  }

  void root(RootNode root) {
    json.text("bus", String.format(Locale.ROOT, "%02x", root.bus()));
    json.hex("lo", root.lo());
    json.hex("hi", root.hi());
  }

  void context(ContextNode context) {
    json.text("bdf", context.source().toString());
    json.hex("entry_address", context.address());
    switch (context) {
      case ContextNode.Legacy legacy -> legacy(legacy);
      case ContextNode.Scalable scalable -> scalable(scalable);
    }
  }

  private void legacy(ContextNode.Legacy context) {
    json.hex("lo", context.quadwords()[0]);
    json.hex("hi", context.quadwords()[1]);
    json.flag("present", context.present());
    json.flag("fpd", context.faultsDisabled());
    json.number("tt", context.translationType());
    json.text("tt_name", typeName(context.translationType()));
    json.hex("table", context.tablePointer());
    json.number("aw", context.addressWidth());
    json.number("levels", context.levels());
    json.number("address_bits", 30 + 9 * context.addressWidth());
    json.number("avail", context.available());
    json.number("domain_id", context.domainId());
    context.table().ifPresent(key -> json.text("table_key", key.toString()));
  }

  static String typeName(int type) {
    return switch (type) {
      case 0 -> "untranslated-only";
      case 1 -> "translated (device TLB allowed)";
      case 2 -> "pass-through";
      default -> "reserved";
    };
  }

  private void scalable(ContextNode.Scalable context) {
    json.hexes("qwords", context.quadwords());
    json.flag("present", context.present());
    json.flag("fpd", context.faultsDisabled());
    json.flag("dte", context.deviceTlb());
    json.flag("paside", context.pasidEnabled());
    json.flag("pre", context.pageRequests());
    json.number("pdts", context.directorySizeCode());
    json.hex("pasid_dir", context.directory());
    json.number("pasid_dir_entries", context.directoryEntries());
    json.number("rid_pasid", context.ridPasid().value());
    json.flag("rid_priv", context.ridPrivileged());
  }

  void pasid(PasidNode pasid) {
    long[] quadwords = pasid.quadwords();
    json.text("bdf", pasid.source().toString());
    json.number("pasid", pasid.pasid().value());
    json.hex("entry_address", pasid.address());
    json.hexes("qwords", quadwords);
    json.flag("present", pasid.present());
    json.flag("fpd", pasid.faultsDisabled());
    json.number("aw", pasid.addressWidth());
    json.number("slade", PasidEntry.SSADE.get(quadwords));
    json.number("pgtt", pasid.translationType());
    json.text("pgtt_name", stageName(pasid.translationType()));
    json.number("domain_id", pasid.domainId());
    json.number("pwsnp", PasidEntry.PWSNP.get(quadwords));
    json.number("pgsnp", PasidEntry.PGSNP.get(quadwords));
    json.hex("ss_table", pasid.secondStagePointer());
    json.number("sre", PasidEntry.SRE.get(quadwords));
    json.number("flpm", pasid.firstStageMode());
    json.number("wpe", PasidEntry.WPE.get(quadwords));
    json.number("eafe", PasidEntry.EAFE.get(quadwords));
    json.hex("fs_table", pasid.firstStagePointer());
    json.number("nxe", PasidEntry.NXE.get(quadwords));
    json.number("emte", PasidEntry.EMTE.get(quadwords));
    json.number("cd", PasidEntry.CD.get(quadwords));
    json.hex("flags_q0", quadwords[0] & ~PasidEntry.SSPTPTR.mask());
    json.hex("flags_q1", quadwords[1] & ~PasidEntry.DID.mask());
    json.hex("flags_q2", quadwords[2] & ~PasidEntry.FSPTPTR.mask());
    if (pasid.translationType() == PasidEntry.FIRST_STAGE || pasid.isNested()) {
      json.number("fs_levels", 4 + pasid.firstStageMode());
    }
    json.number("levels", pasid.levels());
    pasid.secondStage().ifPresent(key -> json.text("ss_table_key", key.toString()));
    pasid.firstStage().ifPresent(key -> json.text("fs_table_key", key.toString()));
  }

  static String stageName(int type) {
    return switch (type) {
      case PasidEntry.FIRST_STAGE -> "first-stage";
      case PasidEntry.SECOND_STAGE -> "second-stage";
      case PasidEntry.NESTED -> "nested";
      case PasidEntry.PASS_THROUGH -> "pass-through";
      default -> "reserved";
    };
  }
}
