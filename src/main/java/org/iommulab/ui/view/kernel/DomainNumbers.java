package org.iommulab.ui.view.kernel;

import java.util.Map;
import java.util.stream.Collectors;
import org.iommulab.linux.DomainView;
import org.iommulab.linux.KernelView;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.part.Phrase;

/**
 * A domain has two numbers: the kernel counts its domains, and tables and caches of a unit carry a
 * domain id. Other panes show the second, so both are said, and which is which.
 *
 * @param ids the domain ids of units by the kernel's number
 */
record DomainNumbers(Map<Integer, String> ids) {

  static final DomainNumbers NONE = new DomainNumbers(Map.of());

  DomainNumbers {
    ids = Map.copyOf(ids);
  }

  static DomainNumbers of(KernelView kernel) {
    return new DomainNumbers(
        kernel.domains().stream()
            .filter(domain -> !domain.attachments().isEmpty())
            .collect(Collectors.toMap(DomainView::id, DomainNumbers::ids)));
  }

  private static String ids(DomainView domain) {
    return domain.attachments().stream()
        .map(at -> Hex.plain(at.domainId(), 2))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** {@code kernel domain 3 · did 21}; only the first for a domain that no unit knows. */
  Phrase of(int domain) {
    String id = ids.get(domain);
    return id == null
        ? Phrase.of("view.kernel.domain", domain)
        : Phrase.of("view.kernel.domain.did", domain, id);
  }
}
