package org.iommulab.ui.form;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Command;
import org.iommulab.linux.DomainView;
import org.iommulab.linux.IommufdObjectView;
import org.iommulab.ui.Hex;

/** The ways by which a mapping can be made: the VMM, an iommufd address space, a kernel domain. */
sealed interface Through {

  /** IOMMU_IOAS_MAP_FIXED_IOVA, _WRITEABLE and _READABLE of the uapi. */
  int FIXED_IOVA = 1;

  int WRITEABLE = 2;
  int READABLE = 4;

  /** Shown in the list of ways: the function that maps, or the one that unmaps. */
  String shown(boolean unmap);

  /** Maps {@code size} bytes of {@code memory} at {@code iova}. */
  Command map(long iova, long size, String memory, boolean readonly);

  /** Takes {@code size} bytes at {@code iova} away. */
  Command unmap(long iova, long size);

  /** All ways there are now; the kernel's function last. */
  static List<Through> ways(FormFacts facts) {
    var ways = new ArrayList<Through>();
    if (facts.vmm()) {
      ways.add(new Vmm());
    }
    facts.ioas().forEach(object -> ways.add(new AddressSpace(object)));
    facts.domains().forEach(domain -> ways.add(new KernelDomain(domain)));
    return ways;
  }

  /** {@code vfio_dma_map()} of the VMM. */
  record Vmm() implements Through {

    @Override
    public String shown(boolean unmap) {
      return unmap ? "vfio_dma_unmap()" : "vfio_dma_map()";
    }

    @Override
    public Command map(long iova, long size, String memory, boolean readonly) {
      return call(
          "vfio_dma_map",
          "iova",
          Hex.script(iova),
          "size",
          Hex.script(size),
          "vaddr",
          memory,
          "readonly",
          readonly);
    }

    @Override
    public Command unmap(long iova, long size) {
      return call("vfio_dma_unmap", "iova", Hex.script(iova), "size", Hex.script(size));
    }
  }

  /** An IOAS of a process. */
  record AddressSpace(IommufdObjectView object) implements Through {

    @Override
    public String shown(boolean unmap) {
      return (unmap ? "IOMMU_IOAS_UNMAP" : "IOMMU_IOAS_MAP")
          + " · IOAS "
          + object.id()
          + " · fd "
          + object.fd();
    }

    @Override
    public Command map(long iova, long size, String memory, boolean readonly) {
      long flags = FIXED_IOVA | READABLE | (readonly ? 0 : WRITEABLE);
      return ioctl(
          "IOMMU_IOAS_MAP",
          "flags",
          flags,
          "ioas_id",
          (long) object.id(),
          "user_va",
          memory,
          "length",
          Hex.script(size),
          "iova",
          Hex.script(iova));
    }

    @Override
    public Command unmap(long iova, long size) {
      return ioctl(
          "IOMMU_IOAS_UNMAP",
          "ioas_id",
          (long) object.id(),
          "iova",
          Hex.script(iova),
          "length",
          Hex.script(size));
    }

    private Command ioctl(String name, Object... fields) {
      return new Command.Ioctl(
          Integer.toString(object.fd()), name, fields(fields), null, null, null);
    }
  }

  /** {@code iommu_map()} on a domain of the kernel; the memory is a physical address. */
  record KernelDomain(DomainView domain) implements Through {

    /** IOMMU_READ and IOMMU_WRITE of the kernel. */
    private static final long READ = 1;

    private static final long WRITE = 2;

    @Override
    public String shown(boolean unmap) {
      String function = unmap ? "iommu_unmap()" : "iommu_map()";
      // The unit's number of it, which the other panes show; the kernel's own stands in the
      // command.
      return domain.attachments().stream()
          .findFirst()
          .map(at -> function + " · " + domain.owner() + " · did " + Hex.plain(at.domainId(), 2))
          .orElse(function + " · " + domain.owner());
    }

    @Override
    public Command map(long iova, long size, String memory, boolean readonly) {
      return call(
          "iommu_map",
          "domain",
          (long) domain.id(),
          "iova",
          Hex.script(iova),
          "paddr",
          memory,
          "size",
          Hex.script(size),
          "prot",
          readonly ? READ : READ | WRITE);
    }

    @Override
    public Command unmap(long iova, long size) {
      return call(
          "iommu_unmap",
          "domain",
          (long) domain.id(),
          "iova",
          Hex.script(iova),
          "size",
          Hex.script(size));
    }
  }

  static Command call(String function, Object... arguments) {
    return new Command.Call(function, fields(arguments), null);
  }

  private static Map<String, Object> fields(Object... namesAndValues) {
    var fields = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }
}
