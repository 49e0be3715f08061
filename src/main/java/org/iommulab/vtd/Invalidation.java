package org.iommulab.vtd;

/**
 * Carries out invalidation commands, whichever way they came: caches, the fast way's memory of a
 * context entry, and devices taken off the unit follow together.
 */
final class Invalidation {

  private final Caches caches;
  private final Translator translator;
  private final Counters counters;

  Invalidation(Caches caches, Translator translator, Counters counters) {
    this.caches = caches;
    this.translator = translator;
    this.counters = counters;
  }

  void contexts() {
    counters.invalidations++;
    caches.invalidateContexts();
    translator.forgetFast();
    translator.detachments().allDevices();
  }

  /** Tells whether it was carried out globally. */
  boolean contextsOfDomain(int domain) {
    counters.invalidations++;
    boolean scalable = translator.mode() == TableMode.SCALABLE;
    boolean global = caches.invalidateContextsOfDomain(domain, scalable);
    translator.forgetFast();
    if (global) {
      translator.detachments().allDevices();
    }
    return global;
  }

  void contextsOfDevice(int domain, int source, int functionMask) {
    counters.invalidations++;
    caches.invalidateContextsOfDevice(domain, source, functionMask);
    translator.forgetFast();
    translator.detachments().devices(source, Caches.functionMask(functionMask));
  }

  void pasids() {
    counters.invalidations++;
    caches.invalidatePasids();
    translator.forgetFast();
  }

  void pasidsOfDomain(int domain) {
    counters.invalidations++;
    caches.invalidatePasidsOfDomain(domain);
    translator.forgetFast();
  }

  void pasid(int domain, int pasid) {
    counters.invalidations++;
    caches.invalidatePasid(domain, pasid);
    translator.forgetFast();
  }

  void translations() {
    counters.invalidations++;
    caches.invalidateTranslations();
  }

  void translationsOfDomain(int domain) {
    counters.invalidations++;
    caches.invalidateTranslationsOfDomain(domain);
  }

  void pages(int domain, long address, int mask, boolean leafOnly) {
    counters.invalidations++;
    caches.invalidatePages(domain, address, mask, leafOnly);
  }

  void pasidTranslations(int domain, int pasid) {
    counters.invalidations++;
    caches.invalidatePasidTranslations(domain, pasid);
  }

  void pasidPages(int domain, int pasid, long address, int mask, boolean leafOnly) {
    counters.invalidations++;
    caches.invalidatePasidPages(domain, pasid, address, mask, leafOnly);
  }

  void interrupts() {
    counters.invalidations++;
    caches.invalidateInterrupts();
  }

  void interrupts(int index, int mask) {
    counters.invalidations++;
    caches.invalidateInterrupts(index, mask);
  }
}
