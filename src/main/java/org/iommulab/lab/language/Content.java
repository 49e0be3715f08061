package org.iommulab.lab.language;

import java.util.List;
import java.util.Map;

/** What a process stores: bytes, or structures of the kernel's headers. */
public sealed interface Content {

  /** Bytes as they are. */
  record Raw(Bytes data) implements Content {}

  /**
   * Structures one behind the other.
   *
   * @param struct name in the headers, such as {@code iommu_hwpt_page_response}
   * @param values fields of each by name; numbers or expressions
   */
  record Structures(String struct, List<Map<String, Object>> values) implements Content {
    public Structures {
      values = values.stream().map(Copies::of).toList();
    }
  }
}
