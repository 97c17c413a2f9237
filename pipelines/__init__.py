"""IP plan warehouse: deliveries in, the indicators of a city's five-year intellectual-property plan out."""
