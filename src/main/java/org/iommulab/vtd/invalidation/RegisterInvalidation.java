package org.iommulab.vtd.invalidation;

import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.register.RegisterFile;

/**
 * The register-based way to invalidate: CCMD, IVA and IOTLB. While the queue is on it must not be
 * used: what is asked for is not done, and the bit that asks stays set. Source: vtd.md 1.4, 7.1.
 */
final class RegisterInvalidation {

  private static final Register CCMD = RegisterLayouts.CCMD;
  private static final Register IOTLB = RegisterLayouts.IOTLB;
  private static final Register IVA = RegisterLayouts.IVA;
  private static final int GLOBAL = 1;
  private static final int DOMAIN = 2;
  private static final int NARROW = 3;

  private final RegisterFile registers;
  private final CacheInvalidation invalidation;
  private final Capabilities capabilities;
  private final int iva;
  private final int iotlb;

  RegisterInvalidation(
      UnitConfiguration configuration, RegisterFile registers, CacheInvalidation invalidation) {
    this.registers = registers;
    this.invalidation = invalidation;
    capabilities = configuration.capabilities();
    iva = capabilities.iotlbOffset();
    iotlb = iva + 8;
  }

  /** Software wrote the upper half of CCMD. */
  void contextCommand(boolean allowed) {
    long command = registers.get64(CCMD.position());
    if (!CCMD.field("ICC").isSet(command) || !allowed) {
      return;
    }
    int domain = (int) CCMD.field("DID").get(command);
    int wanted = (int) CCMD.field("CIRG").get(command);
    int done = wanted;
    switch (wanted) {
      case GLOBAL -> invalidation.contexts();
      case DOMAIN -> done = invalidation.contextsOfDomain(domain) ? GLOBAL : DOMAIN;
      case NARROW ->
          invalidation.contextsOfDevice(
              domain, (int) CCMD.field("SID").get(command), (int) CCMD.field("FM").get(command));
      default -> done = 0;
    }
    command = CCMD.field("CAIG").with(command, done);
    registers.set64(CCMD.position(), CCMD.field("ICC").with(command, 0));
  }

  /** Software wrote the upper half of IOTLB. */
  void translationCommand(boolean allowed) {
    long command = registers.get64(iotlb);
    if (!IOTLB.field("IVT").isSet(command) || !allowed) {
      return;
    }
    int domain = (int) IOTLB.field("DID").get(command);
    int done = (int) IOTLB.field("IIRG").get(command);
    if (done == NARROW && !capabilities.has(CapabilityLayout.PSI)) {
      done = DOMAIN;
    }
    switch (done) {
      case GLOBAL -> invalidation.translations();
      case DOMAIN -> invalidation.translationsOfDomain(domain);
      case NARROW -> done = pages(domain) ? NARROW : 0;
      default -> done = 0;
    }
    command = IOTLB.field("IAIG").with(command, done);
    registers.set64(iotlb, IOTLB.field("IVT").with(command, 0));
  }

  private boolean pages(int domain) {
    long operand = registers.get64(iva);
    int mask = (int) IVA.field("AM").get(operand);
    if (mask > capabilities.maximumAddressMask()) {
      return false;
    }
    invalidation.pages(
        domain, IVA.field("ADDR").get(operand), mask, IVA.field("IH").isSet(operand));
    return true;
  }
}
