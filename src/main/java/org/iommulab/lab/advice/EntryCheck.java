package org.iommulab.lab.advice;

import java.util.List;
import java.util.Set;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.iommulab.words.Bilingual;

/**
 * What an entry must not say on this unit, whether or not it has been used: H09, H40 to H45, H47.
 */
final class EntryCheck {

  private final Capabilities caps;
  private final Set<String> features;

  EntryCheck(RemappingUnit unit) {
    caps = unit.configuration().capabilities();
    features = caps.features();
  }

  /** A present entry of a paging table. */
  void paging(Step step, TableFrame place, long address, long value, boolean leaf) {
    if (place.guest()) {
      return;
    }
    if (!place.first() && SecondStageEntry.SNP.isSet(value) && !has(ExtendedCapabilityLayout.SC)) {
      step.raise(
          "H42",
          address,
          List.of(Evidence.entry(address)),
          List.of(Remedy.write(address, value & ~SecondStageEntry.SNP.mask())),
          Digits.bare(address));
      return;
    }
    if (leaf && place.level() > 1 && large(step, place, address, value)) {
      return;
    }
    Layout layout =
        place.first()
            ? FirstStageEntry.of(place.level(), value)
            : SecondStageEntry.of(place.level(), value);
    long reserved = layout.reservedMask(0, features) & value;
    if (place.first()) {
      // Execute-disable is reserved only without NXE, which belongs to the PASID entry.
      reserved &= ~FirstStageEntry.XD.mask();
    } else {
      // Older revisions ignore the transient-mapping bit of large leaves.
      reserved &= leaf && place.level() > 1 ? ~SecondStageEntry.TM.mask() : -1L;
    }
    reserved |= value & 0x000F_FFFF_FFFF_F000L & -1L << caps.hostAddressWidth();
    reserved(step, Wording.PAGING_ENTRY.with(place.level()), address, value, reserved);
  }

  private boolean large(Step step, TableFrame place, long address, long value) {
    boolean supported =
        place.first()
            ? place.level() == 2 || place.level() == 3 && has(CapabilityLayout.FS1GP)
            : caps.supportsLeaf(place.level());
    long below = value & 0x000F_FFFF_FFFF_F000L & (place.reach() - 1);
    if (place.first()) {
      below &= ~FirstStageEntry.PAT_LARGE.mask();
    }
    if (supported && below == 0) {
      return false;
    }
    Bilingual why =
        supported
            ? Wording.NOT_ALIGNED.with(Digits.of(value & 0x000F_FFFF_FFFF_F000L))
            : Wording.NO_SUCH_PAGES.with();
    step.raise(
        "H44",
        address,
        List.of(Evidence.entry(address)),
        // A page of a size that is not there cannot be aligned into one.
        List.of(
            Remedy.write(address, supported ? value & ~(place.reach() - 1) | value & 0xFFF : 0)),
        Digits.bare(address),
        place.level(),
        why);
    return true;
  }

  private static void reserved(Step step, Bilingual what, long address, long value, long bits) {
    if (bits != 0) {
      step.raise(
          "H40",
          address,
          List.of(Evidence.entry(address)),
          List.of(Remedy.write(address & -8L, value & ~bits)),
          Digits.bare(bits),
          what,
          Digits.bare(address));
    }
  }

  /** A present context entry in legacy mode, or a present PASID entry. */
  void binding(Step step, Bindings b) {
    long[] words = b.words();
    String who = step.name(b.source());
    if (b.domain() >>> caps.domainIdBits() != 0) {
      step.raise(
          "H45", b.entry(), entry(b), List.of(), "DID", b.domain(), who, caps.domainIdBits());
    }
    if (b.domain() == 0 && b.type().usesSecond() && has(CapabilityLayout.CM)) {
      step.raise("H09", b.entry(), entry(b), List.of(), who);
    }
    if (b.pasid() < 0) {
      context(step, b, words, who);
    } else {
      pasid(step, b, words, who);
    }
  }

  private static List<Evidence> entry(Bindings b) {
    return List.of(Evidence.entry(b.entry()));
  }

  private void context(Step step, Bindings b, long[] words, String who) {
    int width = (int) ContextEntry.AW.get(words);
    width(step, b, width, who);
    for (int i = 0; i < 2; i++) {
      long bits = ContextEntry.LAYOUT.reservedMask(i, features) & words[i];
      reserved(step, Wording.CONTEXT_ENTRY.with(who), b.entry() + i * 8L, words[i], bits);
    }
  }

  private void width(Step step, Bindings b, int width, String who) {
    boolean fits =
        b.type() == Bindings.Type.PASS_THROUGH
            ? width + 2 == caps.deepestLevels()
            : caps.supportsLevels(width + 2);
    if (!fits) {
      step.raise(
          "H41",
          b.entry(),
          entry(b),
          List.of(),
          who,
          width,
          Digits.bare(CapabilityLayout.SAGAW.get(caps.cap())));
    }
  }

  private void pasid(Step step, Bindings b, long[] words, String who) {
    boolean first = b.type() == Bindings.Type.FIRST || b.type() == Bindings.Type.NESTED;
    boolean second = b.type().usesSecond();
    if (second) {
      width(step, b, (int) PasidEntry.AW.get(words), who);
    }
    needs(step, b, first, Wording.FIRST_STAGE.with(), ExtendedCapabilityLayout.FSTS);
    needs(step, b, second, Wording.SECOND_STAGE.with(), ExtendedCapabilityLayout.SSTS);
    needs(
        step,
        b,
        b.type() == Bindings.Type.NESTED,
        Wording.plain("PGTT"),
        ExtendedCapabilityLayout.NEST);
    needs(
        step,
        b,
        first && PasidEntry.FSPM.get(words) == 1,
        Wording.FIVE_LEVELS.with(),
        CapabilityLayout.FS5LP);
    uses(step, b, first, PasidEntry.SRE, ExtendedCapabilityLayout.SRS);
    uses(step, b, first, PasidEntry.ERE, ExtendedCapabilityLayout.ERS);
    uses(step, b, first, PasidEntry.EAFE, ExtendedCapabilityLayout.EAFS);
    uses(step, b, second, PasidEntry.SSADE, ExtendedCapabilityLayout.SSADS);
    uses(step, b, true, PasidEntry.PWSNP, ExtendedCapabilityLayout.SMPWCS);
    uses(step, b, true, PasidEntry.PGSNP, ExtendedCapabilityLayout.SC);
  }

  private void uses(Step step, Bindings b, boolean looked, Field field, Field capability) {
    boolean set = field.isSet(b.words()[field.quadword()]);
    needs(step, b, looked && set, Wording.plain(field.name()), capability);
  }

  private void needs(Step step, Bindings b, boolean asked, Bilingual what, Field capability) {
    if (asked && !has(capability)) {
      step.raise(
          "H43",
          b.entry(),
          entry(b),
          List.of(),
          b.pasid(),
          step.name(b.source()),
          what,
          capability.name());
    }
  }

  /** H47: a request failed because the unit could not set accessed and dirty bits. */
  void refused(Step step, Seen.Request request) {
    FaultReason reason = request.chunk().reason();
    if (reason != null && (reason.code() == 0x90 || reason.code() == 0x7C)) {
      SourceId source = request.access().source();
      step.raise(
          "H47",
          source,
          List.of(Evidence.line(request.address())),
          List.of(),
          step.name(source),
          Digits.bare(request.address()));
    }
  }

  private boolean has(Field field) {
    return caps.has(field);
  }
}
