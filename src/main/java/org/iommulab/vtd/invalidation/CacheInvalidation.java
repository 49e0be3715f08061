package org.iommulab.vtd.invalidation;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.translate.TableMode;
import org.iommulab.vtd.translate.Translator;

/**
 * Carries out invalidation commands, whichever way they came: caches, the fast way's memory of a
 * context entry, and devices taken off the unit follow together.
 */
final class CacheInvalidation {

  private final Caches caches;
  private final Translator translator;
  private final Counters counters;
  private final PhysicalMemory memory;

  CacheInvalidation(
      Caches caches, Translator translator, Counters counters, PhysicalMemory memory) {
    this.memory = memory;
    this.caches = caches;
    this.translator = translator;
    this.counters = counters;
  }

  /** An invalidation finds what was written before it: it empties the write buffer first. */
  private void begin() {
    counters.invalidations++;
    memory.drainWrites();
  }

  void contexts() {
    begin();
    caches.invalidateContexts();
    translator.allContextsLeft();
  }

  /** Tells whether it was carried out globally. */
  boolean contextsOfDomain(int domain) {
    begin();
    boolean scalable = translator.mode() == TableMode.SCALABLE;
    boolean global = caches.invalidateContextsOfDomain(domain, scalable);
    if (global) {
      translator.allContextsLeft();
    } else {
      translator.someContextsLeft();
    }
    return global;
  }

  void contextsOfDevice(int domain, int source, int functionMask) {
    begin();
    caches.invalidateContextsOfDevice(domain, source, functionMask);
    translator.contextsLeft(source, Caches.functionMask(functionMask));
  }

  void pasids() {
    begin();
    caches.invalidatePasids();
    translator.pasidsLeft(-1, -1);
  }

  void pasidsOfDomain(int domain) {
    begin();
    caches.invalidatePasidsOfDomain(domain);
    translator.pasidsLeft(domain, -1);
  }

  void pasid(int domain, int pasid) {
    begin();
    caches.invalidatePasid(domain, pasid);
    translator.pasidsLeft(domain, pasid);
  }

  void translations() {
    begin();
    caches.invalidateTranslations();
  }

  void translationsOfDomain(int domain) {
    begin();
    caches.invalidateTranslationsOfDomain(domain);
  }

  void pages(int domain, long address, int mask, boolean leafOnly) {
    begin();
    caches.invalidatePages(domain, address, mask, leafOnly);
  }

  void pasidTranslations(int domain, int pasid) {
    begin();
    caches.invalidatePasidTranslations(domain, pasid);
  }

  void pasidPages(int domain, int pasid, long address, int mask, boolean leafOnly) {
    begin();
    caches.invalidatePasidPages(domain, pasid, address, mask, leafOnly);
  }

  void interrupts() {
    begin();
    caches.invalidateInterrupts();
  }

  void interrupts(int index, int mask) {
    begin();
    caches.invalidateInterrupts(index, mask);
  }
}
