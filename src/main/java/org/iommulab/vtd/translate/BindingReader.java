package org.iommulab.vtd.translate;

import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.cache.ScalableContext;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.request.Request;
import org.jspecify.annotations.Nullable;

/**
 * Reads what binds a requester to its tables, by memory alone. The answer is one object that the
 * next reading overwrites: who keeps it in a cache copies it.
 */
final class BindingReader {

  private final TableRoot root;
  private final ContextReader contextTables;
  private final PasidReader pasidTables;
  private final Caches caches;
  private final boolean hasRidPasid;
  private final Binding binding = new Binding();
  private final ScalableContext context = new ScalableContext();

  public BindingReader(
      UnitConfiguration configuration, TableMemory memory, TableRoot root, Caches caches) {
    this.root = root;
    this.caches = caches;
    contextTables = new ContextReader(configuration, memory);
    pasidTables = new PasidReader(configuration, memory, contextTables);
    hasRidPasid =
        !configuration.has(Quirk.RID_PASID_IS_IGNORED)
            && (configuration.has(Quirk.PASID_TABLES_LOOSELY_CHECKED)
                || configuration.capabilities().has(ExtendedCapabilityLayout.RPS));
  }

  /** The address bits that must be zero before a second stage of that depth. */
  long beyond(int levels) {
    return contextTables.beyond(levels);
  }

  /** Root and context entry of legacy mode; null if a check failed. */
  public @Nullable Binding legacy(Request request) {
    return tagged(contextTables.readLegacy(request, root.address(), binding));
  }

  /** Root and context entry of scalable mode; null if a check failed. */
  public @Nullable ScalableContext context(Request request) {
    return contextTables.readScalable(request, root.address(), context) ? context : null;
  }

  /**
   * PASID directory and PASID entry; null if a check failed.
   *
   * @param contextCached whether the context entry came from the cache
   */
  public @Nullable Binding pasid(
      Request request, ScalableContext of, int pasid, boolean contextCached) {
    return tagged(pasidTables.read(request, of, pasid, contextCached, binding));
  }

  private @Nullable Binding tagged(boolean read) {
    if (read) {
      caches.tag(binding);
    }
    return read ? binding : null;
  }

  /** The PASID that requests without one use. */
  public int ridPasid(ScalableContext of) {
    return hasRidPasid ? (int) ScalableContextEntry.RID_PASID.get(of.raw[1]) : 0;
  }

  /**
   * All entries of the present mode.
   *
   * @param pasid -1 for a request without one
   * @return null if a check failed
   */
  public @Nullable Binding all(Request request, int pasid) {
    if (root.mode() == TableMode.LEGACY) {
      return legacy(request);
    }
    ScalableContext found = root.isScalable() ? context(request) : null;
    if (found == null) {
      return null;
    }
    return pasid(request, found, pasid < 0 ? ridPasid(found) : pasid, false);
  }
}
