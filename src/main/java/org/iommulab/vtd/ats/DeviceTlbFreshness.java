package org.iommulab.vtd.ats;

import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.TranslationEntry;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.translate.Translator;

/** Compares what an endpoint has cached with what the tables now say. */
final class DeviceTlbFreshness {

  private final Translator translator;
  private final Request request = new Request();

  DeviceTlbFreshness(Translator translator) {
    this.translator = translator;
  }

  /** Tells whether a translation grants what the tables do not, or leads elsewhere. */
  boolean isStale(SourceId source, DeviceTlb.Line line) {
    TranslationEntry entry = line.entry();
    return (entry.readable() && !holds(source, line, Rights.READ))
        || (entry.writable() && !holds(source, line, Rights.WRITE))
        || (entry.executable() && !holds(source, line, Rights.READ | Rights.EXECUTE));
  }

  private boolean holds(SourceId source, DeviceTlb.Line line, int need) {
    TranslationEntry entry = line.entry();
    long address = entry.input().start();
    request.start(source.value(), address, need);
    request.pasid = line.pasid().value();
    request.usedPasid = request.pasid;
    request.privileged = TranslationEntry.PRIV.isSet(entry.raw());
    request.type = AddressType.TRANSLATION_REQUEST;
    request.probing = true;
    request.ignoringCaches = true;
    return translator.translate(request)
        && request.output == entry.output(address)
        && 9 * request.level + 3 >= entry.input().order();
  }
}
