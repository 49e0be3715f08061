package org.iommulab.linux.iommu;

/** What a device is told about its page requests ({@code enum iommu_page_response_code}). */
public enum PageResponse {
  /** The pages are there: the device translates again. */
  SUCCESS,
  /** The pages will never be there. */
  INVALID,
  /** Something went wrong: the device asks no more. */
  FAILURE
}
