package org.iommulab.linux.iommu;

/** What a device is told about its page requests ({@code enum iommu_page_response_code}). */
public enum PageResponse {
  /** The pages are there: the device translates again. */
  SUCCESS(0),
  /** The pages will never be there. */
  INVALID(1),
  /** Something went wrong: the device asks no more. */
  FAILURE(2);

  private final int code;

  PageResponse(int code) {
    this.code = code;
  }

  /** The number in the interface. */
  public int code() {
    return code;
  }
}
