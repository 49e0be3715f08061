/** What the unit is to endpoints with translation caches: translations and page requests. */
package org.iommulab.vtd.ats;
