package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.linux.iommufd.pages.IoPageTable;

/** An I/O address space ({@code struct iommufd_ioas}). */
final class Ioas extends IommufdObject {

  private final IoPageTable table;
  private final List<HwptPaging> hwpts = new ArrayList<>();

  Ioas(IommufdContext context, int id, IoPageTable table) {
    super(context, id);
    this.table = table;
  }

  IoPageTable table() {
    return table;
  }

  /** Its paging HWPTs in the order they were made. */
  List<HwptPaging> hwpts() {
    return hwpts;
  }

  @Override
  String type() {
    return "IOAS";
  }

  @Override
  void destroy() {
    table.remover().unmapAll();
    context().forgetVfioIoas(this);
  }

  @Override
  List<String> facts() {
    return List.of(
        String.format(Locale.ROOT, "alignment: 0x%x", table.iovaAlignment()),
        "large pages: " + (table.largePages() ? "on" : "off"),
        "domains: " + table.domains().size(),
        "areas: " + table.areas().all().size());
  }
}
