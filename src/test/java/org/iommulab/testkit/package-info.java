/**
 * For people who test the window with TestFX: a window of one's own, page objects, a clock that
 * beats by hand, and assertions in the words of the laboratory. The build makes it an artifact of
 * its own, {@code iommu-lab} with the classifier {@code testkit}. May import everything public.
 */
package org.iommulab.testkit;
